/* For engines that tests pretend: an edit stops at a gate until the test lets it go on, so that every order of events can be had without
 * waiting for time. POSIX semaphores, because ThreadSanitizer understands them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <semaphore.h>

#include "app/worker/limn-worker.h"

typedef struct {
  sem_t started, go;
} Gate;

static inline void
gate_init (Gate *self)
{
  sem_init (&self->started, 0, 0);
  sem_init (&self->go, 0, 0);
}

static inline void
gate_clear (Gate *self)
{
  sem_destroy (&self->started);
  sem_destroy (&self->go);
}

/* For the test: one edit may go on. */
static inline void
gate_open (Gate *self)
{
  sem_post (&self->go);
}

/* For the test: until an edit has come to the gate. */
static inline void
gate_await (Gate *self)
{
  while (sem_wait (&self->started) != 0)
    ;
}

static inline void
gate_cancelled (GCancellable *cancellable, gpointer gate)
{
  gate_open (gate);
}

/* For the engine: until the edit may go on, or is cancelled. */
static inline void
gate_stop (Gate *self, GCancellable *cancellable)
{
  gulong handler;

  sem_post (&self->started);
  handler = g_cancellable_connect (cancellable, G_CALLBACK (gate_cancelled), self, NULL);
  while (sem_wait (&self->go) != 0)
    ;
  g_cancellable_disconnect (cancellable, handler);
}

/* For the engine: TRUE and error where the edit is cancelled, or is to fail. */
static inline gboolean
pretend_failure (GCancellable *cancellable, gboolean fails, GError **error)
{
  if (g_cancellable_is_cancelled (cancellable))
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_CANCELLED, "Cancelled.");
  else if (fails)
    g_set_error_literal (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, "No network.");
  else
    return FALSE;
  return TRUE;
}
