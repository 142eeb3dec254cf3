/* The dialog of an edit's options.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "edits.h"

G_BEGIN_DECLS

/* Asks for values, which are shown as they are at first. FALSE where the user wants none of it. */
gboolean dialog_run (const Edit *edit, double *values);

G_END_DECLS
