/* The words that recipes are written with, shared by writer and reader.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-recipe.h"

G_BEGIN_DECLS

/* By LimnTask, LimnZeroShotTask and LimnDocumentPlane. They are part of the format: never change or reorder them. */
#define LIMN_RECIPE_N_TASKS 5
extern const char *const limn_recipe_tasks[LIMN_RECIPE_N_TASKS];
#define LIMN_RECIPE_N_ZERO_SHOT_TASKS 6
extern const char *const limn_recipe_zero_shot_tasks[LIMN_RECIPE_N_ZERO_SHOT_TASKS];
extern const char *const limn_recipe_planes[LIMN_DOCUMENT_N_PLANES];

G_END_DECLS
