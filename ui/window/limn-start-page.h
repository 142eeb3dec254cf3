/* What a window shows before it has a document: the tasks, each on a picture, the ways in, recent pictures.
 * Signal "start" (int task, gboolean sample): a card was clicked; sample: with the card's own picture.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/edit/limn-edit.h"

G_BEGIN_DECLS

#define LIMN_TYPE_START_PAGE (limn_start_page_get_type ())
G_DECLARE_FINAL_TYPE (LimnStartPage, limn_start_page, LIMN, START_PAGE, AdwBin)

G_END_DECLS
