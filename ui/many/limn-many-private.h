/* What the parts of the window for many pictures share. SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/batch/limn-batch.h"
#include "limn-many-settings.h"
#include "limn-many.h"
#include "ui/adwaita/limn-flap.h"
#include "ui/widgets/limn-adaptive.h"

G_BEGIN_DECLS

typedef enum {
  LIMN_MANY_READY,    /* nothing was begun */
  LIMN_MANY_WORKING,  /* or paused, or watching */
  LIMN_MANY_STOPPING, /* what runs ends */
  LIMN_MANY_STOPPED,  /* before all was done */
  LIMN_MANY_OVER,     /* all is done, or failed */
} LimnManyState;

struct _LimnMany {
  AdwApplicationWindow parent;

  /* From the template */
  LimnAdaptive *adaptive;
  LimnFlap *flap;
  GtkWidget *add_button, *settings_button, *cancel_button, *folder_button, *foot;
  GtkStack *pages;
  GtkListView *list;
  LimnManySettings *settings;
  GtkRevealer *drop_hint;
  GtkProgressBar *progress;
  GtkBox *bar;
  GtkLabel *status;
  GtkButton *go_button;

  GPtrArray *sources;    /* of char *: pictures and folders, as they were chosen */
  GPtrArray *files;      /* of LimnBatchFile: what they come to */
  GCancellable *finding; /* that is looked for, or NULL */

  LimnManyState state;
  LimnBatch *batch;         /* of what is asked for, unless there is a problem; NULL at first */
  char *problem;            /* why there can be none, or NULL */
  GtkSortListModel *sorted; /* the batch's list, what failed first */
  GtkSorter *failed_first;  /* its order */
  gboolean resort;          /* something failed, or is tried again, since it was sorted */
  guint prepare_source, tick;
  gboolean closing; /* whoever closes it was asked */
};

/* limn-many.c */
/* Makes the batch anew, soon; nothing while it works. */
void limn_many_prepare (LimnMany *self);
/* What can be done now, and what is told of it. */
void limn_many_update (LimnMany *self);

/* limn-many-files.c: which pictures. */
/* Looks for the pictures of all sources on a thread; then they are the batch's. */
void limn_many_find (LimnMany *self);
void limn_many_choose (LimnMany *self, GtkFileChooserAction action);
void limn_many_clear (LimnMany *self);
void limn_many_add_drop_target (LimnMany *self);
/* From now on what comes into the folders is the batch's, too; tells what can't be. */
void limn_many_watch_folders (LimnMany *self);

G_END_DECLS
