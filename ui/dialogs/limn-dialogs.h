/* Dialogs that say or ask one thing, and what those that save have in common. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Shows what happened and what to do about it. */
void limn_dialog_tell (GtkWindow *parent, const char *heading, const char *body);

/* A question that isn't shown yet, with the responses "cancel" and answer, which is suggested; label: of its button, with its key.
 * The window is GTK's, as every other. */
AdwMessageDialog *
limn_dialog_new_question (GtkWindow *parent, const char *heading, const char *body, const char *answer, const char *label);

/* Enter after a number does what the dialog's default button does. (GTK 4.14 has a property for it.) */
void limn_dialog_answer_by_number (GtkSpinButton *spin);

/* Suggests title with another suffix ("png") as the name, in the folder of path; path: NULL = in the folder that GTK chooses. copy: says
 * in the name that it was edited ("cat-edited.png"), so that it isn't the original's. */
void limn_dialog_suggest_name (GtkFileChooser *chooser, const char *title, const char *suffix, const char *path, gboolean copy);

G_END_DECLS
