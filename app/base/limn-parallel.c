/* A loop whose iterations run on all processors.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-parallel.h"

#define MAX_THREADS 16

typedef struct {
  gsize next, count; /* next: atomic */
  void (*func) (gsize index, gpointer data);
  gpointer data;
} ParallelLoop;

static gpointer
run_iterations (gpointer data)
{
  ParallelLoop *loop = data;
  gsize i;

  while ((i = (gsize) g_atomic_pointer_add (&loop->next, 1)) < loop->count)
    loop->func (i, loop->data);
  return NULL;
}

void
limn_parallel_for (gsize count, void (*func) (gsize index, gpointer data), gpointer data)
{
  ParallelLoop loop = { 0, count, func, data };
  GThread *threads[MAX_THREADS] = { NULL };
  guint wanted = (guint) MIN (MIN (g_get_num_processors (), MAX_THREADS), count);

  for (guint i = 1; i < wanted; i++)
    threads[i] = g_thread_try_new ("limn-parallel", run_iterations, &loop, NULL); /* where it fails, the other threads do its share */
  run_iterations (&loop);
  for (guint i = 1; i < wanted; i++)
    if (threads[i])
      g_thread_join (threads[i]);
}
