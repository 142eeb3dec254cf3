/* The document's insides, for limn-document*.c: limn-document.c is used by -strokes.c, that by -undo.c, and these by all others. Every
 * change takes the same way: limn_document_begin_step captures what is there, the content changes and notes its damage, limn_document_push
 * takes the step and notifies.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "limn-document.h"

#include "app/content/limn-content.h"
#include "app/content/limn-operation-queue.h"
#include "app/content/limn-stroke-set.h"
#include "app/history/limn-undo.h"

#include <glib/gi18n.h>

struct _LimnDocument {
  GObject parent_instance;
  LimnContent content;
  LimnUndo undo;
  LimnStrokeSet strokes; /* in progress */
  LimnOperationQueue *operations;

  char *path, *stamp, *name;
  guint64 change;                       /* counts */
  gboolean modified, has_mask, working; /* as last notified */

  LimnSnapshot *snapshot;  /* until anything changes; NULL until it is asked for, as these */
  LimnSource *flattened;   /* photo and layers, until they change */
  LimnSource *dots_source; /* until the dots change */
};

/* A step named name (translated) that captures parts; ends a stroke in progress. */
LimnHistoryStep *limn_document_begin_step (LimnDocument *self, const char *name, LimnContentParts parts);
/* Adds step (taken) to the history and notifies the change; does nothing when the step is empty. */
void limn_document_push (LimnDocument *self, LimnHistoryStep *step);
/* As limn_document_push, and until something else happens further changes of group to target join the step; 0 = never. step NULL: this
 * change has joined the last one. */
void limn_document_push_group (LimnDocument *self, LimnHistoryStep *step, guint group, gpointer target);

/* Counts a change: drops what is cached, notifies properties, and emits "changed" for the damage. */
void limn_document_notify_changed (LimnDocument *self);
/* Only "changed" for the damage: the live preview is no change of the document. */
void limn_document_emit_changed (LimnDocument *self);

/* Transforms of the canvas (limn-document-canvas.c): what is about a place comes before them. */
extern const LimnOperationClass limn_canvas_operations;
