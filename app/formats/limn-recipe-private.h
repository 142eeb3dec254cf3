/* The words that recipes are written with, shared by writer and reader.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-recipe.h"

G_BEGIN_DECLS

/* By LimnDocumentPlane; part of the format, as nicks and parameters of the kinds of edits are: never change them. */
extern const char *const limn_recipe_planes[LIMN_DOCUMENT_N_PLANES];

G_END_DECLS
