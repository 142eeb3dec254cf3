/* Autosave and crash recovery. Each document that has unsaved changes has a folder of its own under $XDG_STATE_HOME/limn/autosave,
 * locked while its process lives. After every step the newest snapshot is written by a thread of its own: only what changed, then a
 * manifest that is renamed into place, so that whatever ends the process the folder holds a whole document. At most the last step is
 * lost. docs/autosave.md describes the folder.
 * Main thread, unless said otherwise.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/document/limn-document.h"

G_BEGIN_DECLS

/* Signal "failed" (const char *message): a snapshot could not be written (a full disk); once until it works again. It is
 * tried again after every step and at intervals. */
#define LIMN_TYPE_AUTOSAVE (limn_autosave_get_type ())
G_DECLARE_FINAL_TYPE (LimnAutosave, limn_autosave, LIMN, AUTOSAVE, GObject)

/* Watches document (held weakly) until it is gone or the autosave is disposed, which removes the folder: closing is a clean end.
 * folder: where the documents' folders are, NULL = the user's. Nothing is written while the document is not modified, and a document
 * that was saved is not offered for recovery. A document that is modified already (a recovered one) is written at once. */
LimnAutosave *limn_autosave_new (LimnDocument *document, const char *folder);
/* Waits until everything up to now is written. FALSE and error when that failed. */
gboolean limn_autosave_flush (LimnAutosave *self, GError **error);
/* Writes what is left, and ends it without removing the folder: the next start will offer it (the session is ending). */
void limn_autosave_keep (LimnAutosave *self);
/* Bytes written to the disk up to now, manifests included: for tests and figures. */
guint64 limn_autosave_get_bytes (LimnAutosave *self);

/* What a process that is gone has left. While it is held the folder is locked, so that nobody else is offered the same work. */
typedef struct {
  char *folder;    /* of this document */
  char *name;      /* as shown */
  char *path;      /* the file it belonged to, or NULL */
  GDateTime *time; /* of its last step, local time */
  int lock;        /* private */
} LimnRecovery;
void limn_recovery_free (LimnRecovery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (LimnRecovery, limn_recovery_free)

/* Newest first; an array of LimnRecovery (transfer full), empty if there is none. Folders of living processes and those that
 * another list holds are not in it. Any thread. */
GPtrArray *limn_autosave_list (const char *folder);
/* Blocking; any thread. The snapshot is modified. The folder stays until limn_autosave_discard, which should wait until the recovered
 * document is safe elsewhere: limn_autosave_new, then limn_autosave_flush. */
LimnSnapshot *limn_autosave_recover (const LimnRecovery *recovery, GError **error);
/* Removes it. Any thread. */
void limn_autosave_discard (const LimnRecovery *recovery);

G_END_DECLS
