/* The edits that GIMP's menu offers, each with the few options that its dialog and its procedure take.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  OPTION_SEED,                  /* a whole number; same seed, same picture */
  OPTION_SCALE,                 /* 2, 3, 4 or 8 */
  OPTION_STRENGTH,              /* a number from 0 to most */
  OPTION_STRENGTH_OR_AUTOMATIC, /* the same, or AUTOMATIC */
} OptionKind;

/* The value by which limn-cli decides itself. */
#define AUTOMATIC (-1.0)

/* One option; a table of them is ended by a NULL name. */
typedef struct {
  const char *name; /* limn-cli's option without its dashes, and the procedure's parameter */
  OptionKind kind;
  double most, initial;
  const char *label, *help; /* to be translated; help: NULL where the label says all */
} Option;

#define MOST_OPTIONS 4

typedef struct {
  const char *procedure; /* in GIMP's procedure database */
  const char *command;   /* of limn-cli */
  const char *label;     /* of the menu, to be translated, as all that follows */
  const char *title;     /* of the dialog and the progress */
  const char *blurb;
  gboolean fills;    /* takes the selection as its mask */
  gboolean colors;   /* makes a gray image RGB */
  gboolean enlarges; /* the whole image, each of its layers */
  Option options[MOST_OPTIONS + 1];
} Edit;

extern const Edit edits[];
extern const guint n_edits;

/* The edit with this procedure, or NULL. */
const Edit *edit_find (const char *procedure);
guint edit_count_options (const Edit *edit);
/* Writes each option's default into values: [MOST_OPTIONS]. */
void edit_set_defaults (const Edit *edit, double *values);
/* Whether each value is one that its option takes; error says which isn't. */
gboolean edit_check_values (const Edit *edit, const double *values, GError **error);
/* limn-cli's arguments for these values, after its name: COMMAND - -o - ... Free with g_strfreev. */
char **edit_make_arguments (const Edit *edit, const double *values);

G_END_DECLS
