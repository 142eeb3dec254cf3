/* A name that can be changed where it stands. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Signal "edited" (const char *name): another name was typed; without blanks at its ends, never empty. Whoever hears it sets the text. */
#define LIMN_TYPE_NAME_LABEL (limn_name_label_get_type ())
G_DECLARE_FINAL_TYPE (LimnNameLabel, limn_name_label, LIMN, NAME_LABEL, AdwBin)

GtkWidget *limn_name_label_new (void);
void limn_name_label_set_text (LimnNameLabel *self, const char *text);
/* Begins: Enter, the focus elsewhere and a press elsewhere keep what is typed, Esc doesn't. The focus goes back to the list's row. */
void limn_name_label_edit (LimnNameLabel *self);
/* Keeps what is typed, if anything is. */
void limn_name_label_end (LimnNameLabel *self);

G_END_DECLS
