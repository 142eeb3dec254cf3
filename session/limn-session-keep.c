/* That what is shown becomes part of the document. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-session-private.h"

#include "app/document/limn-document-strokes.h"

typedef struct {
  LimnSessionKept ready;
  gpointer user;
} Keep;

/* Whether the document lacks what is shown or about to be. */
static gboolean
is_unkept (LimnSession *self)
{
  if (limn_preview_peek_result (self->preview) || limn_preview_is_pending (self->preview) || limn_preview_is_due (self->preview))
    return TRUE;
  /* strokes over a picture, without live previews; a sketch that has no picture yet is seen, and kept, as it was drawn */
  return limn_task_get_kind (self->task)->takes & LIMN_TAKES_DRAWING && self->drawn && self->state.can_commit &&
         !(limn_document_is_sketch (self->document) && !limn_session_find_newest_layer (self));
}

GArray *
limn_session_new_waiting (void)
{
  return g_array_new (FALSE, FALSE, sizeof (Keep));
}

static void
end (LimnSession *self, gboolean kept, gboolean committed)
{
  g_autoptr (LimnSession) alive G_GNUC_UNUSED = g_object_ref (self);
  g_autoptr (GArray) waiting = g_steal_pointer (&self->keeping.waiting);
  self->keeping = (LimnSessionKeeping){ .waiting = limn_session_new_waiting () };
  for (guint i = 0; i < waiting->len; i++) {
    const Keep *keep = &g_array_index (waiting, Keep, i);
    keep->ready (kept, committed, keep->user);
  }
}

static void
wait_for_commit (LimnSession *self, const char *name)
{
  LimnSessionKeeping *keeping = &self->keeping;
  keeping->waits = TRUE;
  keeping->name = name;
  keeping->n_done = self->n_done;
  keeping->n_failed = self->n_failed;
}

static void
tell_applied (LimnSession *self, const char *name)
{
  /* Translators: %s is what was done, as "Fill" */
  g_autofree char *text = g_strdup_printf (_("“%s” was applied to the picture"), name);
  limn_session_message (self, text, TRUE);
}

/* The commit that was waited for is over. One that failed shows nothing, so that what is shown can be kept all the same. */
static void
end_commit (LimnSession *self)
{
  LimnSessionKeeping *keeping = &self->keeping;
  gboolean done = self->n_done != keeping->n_done, cancelled = !done && self->n_failed == keeping->n_failed;
  keeping->waits = FALSE;
  if (cancelled) {
    end (self, FALSE, FALSE);
  } else if (keeping->name) {
    if (done)
      tell_applied (self, keeping->name);
    end (self, TRUE, done);
  }
}

void
limn_session_continue_keeping (LimnSession *self)
{
  LimnSessionKeeping *keeping = &self->keeping;
  while (keeping->waiting->len > 0) {
    if (self->commit && !keeping->waits)
      wait_for_commit (self, NULL);
    if (self->commit || limn_document_is_working (self->document))
      return;
    if (keeping->waits) {
      end_commit (self);
    } else if (is_unkept (self)) {
      wait_for_commit (self, _(limn_task_get_kind (self->task)->label));
      limn_session_commit_task (self);
    } else {
      end (self, TRUE, FALSE);
    }
  }
}

void
limn_session_abandon_keeping (LimnSession *self)
{
  if (self->keeping.waiting->len > 0)
    end (self, FALSE, FALSE);
}

void
limn_session_keep (LimnSession *self, LimnSessionKept ready, gpointer user)
{
  Keep keep = { ready, user };
  g_return_if_fail (LIMN_IS_SESSION (self) && ready != NULL);
  limn_document_end_stroke (self->document);
  limn_session_peek_variation (self, G_MAXUINT);
  g_array_append_val (self->keeping.waiting, keep);
  limn_session_continue_keeping (self);
}
