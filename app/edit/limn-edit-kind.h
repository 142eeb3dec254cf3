/* What an edit is, told once: its names, what it is made with, its parameters and its functions. One descriptor for each edit, in
 * kinds/, is read by all that offers edits, asks for them, keeps or runs them: recipes, limn-cli, session and window.
 * docs/add-an-edit.md shows how another one is added.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/picture/limn-picture.h"
#include "app/raster/limn-raster.h"

G_BEGIN_DECLS

/* The edits, in the order in which they are offered: LIMN_TASK_FILL is described by limn_kind_fill in kinds/fill.c. The build reads this
 * list too. */
#define LIMN_EDITS(EDIT)    \
  EDIT (FILL, fill)         \
  EDIT (COLORIZE, colorize) \
  EDIT (SKETCH, sketch)     \
  EDIT (UPSCALE, upscale)   \
  EDIT (RESTORE, restore)

#define LIMN_EDITS_CONSTANT(NAME, name) LIMN_TASK_##NAME,
typedef enum { LIMN_EDITS (LIMN_EDITS_CONSTANT) LIMN_N_TASKS } LimnTask;

/* -- Parameters -- */

/* A number that is judged from the picture; below all others. "auto" in recipes and for limn-cli. */
#define LIMN_PARAMETER_AUTOMATIC (-1.0)

/* What a number may be. */
typedef struct {
  double min, max;
  const double *choices; /* ended by 0: these alone; NULL: all from min to max */
  gboolean automatic;    /* or LIMN_PARAMETER_AUTOMATIC */
} LimnRange;
#define LIMN_RANGE(min, max) \
  {                          \
    min, max, NULL, FALSE    \
  }
#define LIMN_RANGE_OR_AUTOMATIC(min, max) \
  {                                       \
    min, max, NULL, TRUE                  \
  }

gboolean limn_range_contains (const LimnRange *self, double value);
double limn_range_get_least (const LimnRange *self); /* min, or LIMN_PARAMETER_AUTOMATIC where it may be that */
char *limn_range_to_string (const LimnRange *self);  /* "0 to 1000", "2, 3, 4 or 8", "0 to 1 or auto" */

typedef enum { LIMN_PARAMETER_REAL, LIMN_PARAMETER_INT, LIMN_PARAMETER_FLAG } LimnParameterType;

/* A number that an edit is asked for with. As "name" in recipes, --name (a flag that is on: --no-name) in limn-cli, "kind-name" as a
 * property of the session and in GSettings. What has neither slider nor choices is among the further settings of the action pill. */
typedef struct {
  const char *name;
  LimnParameterType type;
  LimnRange range; /* a flag's is 0 to 1 */
  double initial;
  const char *unit;        /* what limn-cli calls the value, "PX"; NULL: N or X */
  const char *label;       /* N_(); of choices: a format for the number. NULL: not for people to set; those come last */
  const char *help;        /* N_() */
  const char *slider[2];   /* NC_(name): a slider between these two words */
  const char *short_label; /* N_(): choices as buttons with this format */
  const char *unless;      /* the name of another one: where that is above 0, this one doesn't count */
} LimnParameter;

enum { LIMN_MAX_PARAMETERS = 10 };

/* Every edit has these two: evaluations of the network, and the way from the noise of one seed to that of another. */
extern const double limn_steps_choices[];
#define LIMN_RANGE_STEPS            \
  {                                 \
    1, 2, limn_steps_choices, FALSE \
  }
#define LIMN_RANGE_MIX \
  {                    \
    0, 1, NULL, FALSE  \
  }

/* A label of choices for a number; free with g_free. */
char *limn_parameter_format (const char *label, int number);

/* -- Kinds -- */

/* What people make, that an edit is made with. */
typedef enum {
  LIMN_TAKES_MASK = 1 << 0,     /* where it is to happen */
  LIMN_TAKES_GUIDE = 1 << 1,    /* colours and lines in the mask that it should follow */
  LIMN_TAKES_DOTS = 1 << 2,     /* dots of colour */
  LIMN_TAKES_DRAWING = 1 << 3,  /* paint and lines that are rendered, into a photo or alone; without it there must be a photo */
  LIMN_TAKES_SOURCES = 1 << 4,  /* where it may copy from, and where not */
  LIMN_TAKES_SURFACES = 1 << 6, /* surfaces of one's own */
  LIMN_TAKES_MARKS = 1 << 5,    /* what is damaged, and what isn't, beside what it finds itself */
} LimnTakes;

/* The tools of the window. */
typedef enum {
  LIMN_TOOL_BRUSH,  /* mask */
  LIMN_TOOL_ERASER, /* takes away from what the task is made with: mask, paint and lines */
  LIMN_TOOL_LASSO,
  LIMN_TOOL_RECTANGLE,
  LIMN_TOOL_ELLIPSE,
  LIMN_TOOL_SIMILAR,
  LIMN_TOOL_OBJECT, /* the outline of a thing that is drawn around, or pointed at */
  LIMN_TOOL_CROP,   /* drags the canvas's edges, in or out */
  LIMN_TOOL_GUIDE,  /* colours inside the hole that guide a fill */
  LIMN_TOOL_GUIDE_PENCIL,
  LIMN_TOOL_TAKE_FROM, /* where a fill is to copy from ... */
  LIMN_TOOL_NOT_FROM,  /* ... and where not */
  LIMN_TOOL_MEND,      /* what is damaged ... */
  LIMN_TOOL_SPARE,     /* ... and what isn't */
  LIMN_TOOL_DOT,       /* of colour */
  LIMN_TOOL_PICKER,    /* takes a colour from what is seen */
  LIMN_TOOL_PAINT,     /* a drawing's */
  LIMN_TOOL_PENCIL,
  LIMN_TOOL_BUCKET,
  LIMN_TOOL_SCENE,   /* what areas of a drawing are of, its horizon and sun */
  LIMN_TOOL_SURFACE, /* a rectangle of what is seen becomes a surface of one's own */
  LIMN_TOOL_LENS,    /* shows a part enlarged */
  LIMN_N_TOOLS,
} LimnToolKind;

typedef struct _LimnEditRun LimnEditRun; /* limn-edit-private.h */

typedef struct {
  const char *nick;  /* "fill": in recipes, settings, actions and limn-cli; its icon is limn-fill-symbolic, the pictures of its card are
                      * start/fill-before.jpg and -after.jpg */
  const char *label; /* N_(), as all that people read in the window */
  const char *verb, *verb_again; /* of its button; verb_again (or NULL) where an old layer is edited again */
  const char *missing;           /* what to do first, where what it needs isn't there */
  const char *invitation;        /* of its card on the start page; NULL: no card */
  const char *offer;             /* said when a picture opens with it because it suits, or NULL */
  const char *sample;            /* a picture of resources/samples to try it with, or NULL; of a drawing, its paint, NAME.paint.png,
                                  * beside which NAME.materials.png says what it is of */

  LimnTakes takes, needs;    /* needs: a part of takes without which there is nothing to do */
  gboolean enlarges;         /* by its parameter "scale": another photo, seen through a lens; else a layer, with variations */
  gboolean slow;             /* a quick picture tells nothing: previewed in full when the hand rests */
  gboolean invents_colors;   /* sRGB's, of no others: the photo is converted for it. Others work with the photo's own numbers, whatever
                                    * its primaries, and lose none of its colours */
  gboolean single;           /* another seed makes no other picture worth choosing: no variations */
  gboolean keeps_alpha;      /* new colours only: the photo's transparency stays */
  const char *next[4];       /* what one goes on to once it is done: nicks and what their buttons say (N_()), in turns; or NULL */
  const LimnToolKind *tools; /* in the order in which they are shown, ended by LIMN_N_TOOLS */
  const LimnParameter *parameters; /* ended by a NULL name */

  /* Whether it is what one wants with a photo that was just opened; the first such kind is chosen, or else the first of all. Kinds that
   * need nothing preview only what suits them unasked. NULL: no photo. */
  gboolean (*suits) (LimnPicture *photo);
  /* The same for what takes a while to see: asked on the thread that opens a photo, and goes before suits. Or NULL. */
  gboolean (*recognizes) (LimnPicture *photo, GCancellable *cancellable);
  /* The button's text (g_free) for a canvas, in place of verb; FALSE and a hint (g_free) where it can't be. Or NULL. */
  gboolean (*describe) (const double *values, int width, int height, char **text, char **hint);
  /* What of the photo is read, in place of all; or NULL. */
  LimnRect (*area) (const LimnEditRun *run);
  /* What parameters and needs don't tell; or NULL. */
  gboolean (*check) (const LimnEditRun *run, GError **error);
  void (*run) (LimnEditRun *run); /* by the engine; on any thread */

  /* limn-cli, in English: one line for the list of commands, paragraphs for its help, lines of examples. */
  const char *summary, *text, *examples;
} LimnEditKind;

#define LIMN_EDITS_DECLARATION(NAME, name) extern const LimnEditKind limn_kind_##name;
LIMN_EDITS (LIMN_EDITS_DECLARATION)

const LimnEditKind *limn_task_get_kind (LimnTask task);
/* The task with this nick; FALSE if there is none. */
gboolean limn_task_from_nick (const char *nick, LimnTask *task);

/* The task whose kind recognizes a photo that was just opened, or -1. Takes a while; on any thread. */
int limn_task_recognize (LimnPicture *photo, GCancellable *cancellable);

/* Where the parameter stands among the kind's, -1 if it has none of this name. */
int limn_edit_kind_find (const LimnEditKind *self, const char *name);
/* Its key in GSettings, and its property of the session: "fill-grow"; free with g_free. */
char *limn_edit_kind_dup_key (const LimnEditKind *self, const LimnParameter *parameter);

/* It is about what the mask covers, and nothing else: the result uses the mask up, and what is done next is another layer. */
static inline gboolean
limn_edit_kind_uses_mask_up (const LimnEditKind *self)
{
  return (self->needs & LIMN_TAKES_MASK) != 0;
}

G_END_DECLS
