/* Passes detail's rows through the coherence filter as they arrive.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "detail-coherent.h"

#include "coherence-filter.h"
#include "engine/imaging/row-window.h"

enum { BAND = 128 }; /* rows that are filtered at a time */

typedef struct {
  LimnCoherenceFilter filter;
  LimnPool *pool;
  LimnRowWindow detail; /* rows received, not yet filtered */
  size_t next, height;  /* next: the first row not yet passed to take */
  LimnTakeRows take;
  void *user;
} Smoothing;

static LimnStatus
filter_rows (Smoothing *s, size_t rows, LimnError *error)
{
  LIMN_SCOPED_IMAGE out = { 0 };

  LIMN_TRY (limn_coherence_filter_rows (&s->filter, &out, s->next, rows, &s->detail.rows, s->detail.top, s->pool, error));
  LIMN_TRY (s->take (s->user, s->next, &out, error));
  limn_image_clear (&out);
  s->next += rows;
  return LIMN_OK;
}

static LimnStatus
receive_rows (void *user, size_t y, const LimnImage *rows, LimnError *error)
{
  Smoothing *s = user;
  const size_t end = y + rows->height;
  const size_t limit = end == s->height ? end : end > LIMN_COHERENCE_REACH ? end - LIMN_COHERENCE_REACH : 0;

  LIMN_TRY (limn_row_window_add (&s->detail, rows, error));
  while (s->next < limit)
    LIMN_TRY (filter_rows (s, limit - s->next < BAND ? limit - s->next : BAND, error));
  limn_row_window_drop (&s->detail, s->next > LIMN_COHERENCE_REACH ? s->next - LIMN_COHERENCE_REACH : 0);
  return LIMN_OK;
}

LimnStatus
limn_detail_coherent (LimnEngine *engine, const LimnDetailInput *input, float gain, LimnTakeRows take, void *user, LimnStats *stats,
                      const LimnControl *control, LimnError *error)
{
  Smoothing s = { .pool = engine->pool, .height = LIMN_DETAIL_SCALE * input->low->height, .take = take, .user = user };
  LimnStatus status = limn_coherence_filter_new (&s.filter, input->low, gain, engine->pool, error);

  if (status == LIMN_OK)
    status = limn_detail_rows (engine, input, receive_rows, &s, stats, control, error);
  limn_coherence_filter_clear (&s.filter);
  limn_row_window_clear (&s.detail);
  return status;
}
