/* For tests of the session: a document, and a pretended engine whose pictures are of one colour that tells seed, kind and what they
 * were made from, so that the document's pixels say which is seen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session/limn-session.h"

#include "tests/engine/pretend.h"

enum { FAILS = 99, BLUE_QUICK = 50, BLUE_FULL = 200, PATIENCE = 30 };

typedef struct {
  Gate gate;
  int held; /* runs stop at the gate; g_atomic */
  int runs, full_runs;
  int alike; /* three seeds each make the same; g_atomic */
} Fake;

typedef struct {
  Fake fake;
  LimnWorker *worker;
  GSettings *settings;
  LimnDocument *document;
  LimnSession *session;
  char *message;
  gboolean message_undo;
} Fixture;

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
void set_up (Fixture *self, gconstpointer data);
void tear_down (Fixture *self, gconstpointer data);

/* Runs wait to be let go from now on; each is cancelled all the same. */
void hold (Fixture *self);
void release (Fixture *self);
void wait_started (Fixture *self);

void open_document (Fixture *self, LimnDocument *document); /* taken over */
void open_photo (Fixture *self, gsize width, gsize height, gboolean gray);
void commit_held (Fixture *self);               /* a fill of a photo, without previews, that waits to be let go */
void select_box (Fixture *self, int x, int y);  /* of 40 pixels, added to the mask */
void begin_paint (Fixture *self, guint8 value); /* in the middle of a sketch of 128 pixels */

/* Turns the main loop until condition is true. */
#define WAIT(condition)                                                         \
  G_STMT_START                                                                  \
  {                                                                             \
    gint64 patience_ends = g_get_monotonic_time () + PATIENCE * G_USEC_PER_SEC; \
    guint tick = g_timeout_add (10, wake_up, NULL);                             \
    while (!(condition) && g_get_monotonic_time () < patience_ends)             \
      g_main_context_iteration (NULL, TRUE);                                    \
    g_source_remove (tick);                                                     \
    g_assert_true (condition);                                                  \
  }                                                                             \
  G_STMT_END
gboolean wake_up (gpointer data);
/* Until nothing is on its way, and nothing waits to be asked for. */
void settle (Fixture *self);

gboolean get (Fixture *self, const char *property); /* a boolean of the session */
gboolean is_idle (Fixture *self);
/* What is seen at a pixel. */
int red (Fixture *self, int x, int y);
int green (Fixture *self, int x, int y);
int blue (Fixture *self, int x, int y);
guint n_layers (Fixture *self);
guint n_steps (Fixture *self); /* that are done */
gboolean has_all_variations (Fixture *self);
