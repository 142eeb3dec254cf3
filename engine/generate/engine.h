/* What a LimnEngine is made of.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_ENGINE_STRUCT_H
#define LIMN_ENGINE_STRUCT_H

#include <pthread.h>

#include "engine/network/colours.h"
#include "engine/network/model.h"
#include "sight.h"

struct LimnEngine {
  LimnPool *pool;
  LimnModel *base, *detail; /* either may be NULL */
  LimnSight *sight;         /* what base is told; NULL: nothing */
  LimnColours *colours;     /* what gray photos begin with; NULL: noise alone */
  pthread_mutex_t lock;     /* held from limn_engine_begin to limn_engine_end */
};

/* Every public edit runs between these two: one edit at a time. Setting control's cancel flag ends what it runs on the pool. */
void limn_engine_begin (LimnEngine *engine, const LimnControl *control);
void limn_engine_end (LimnEngine *engine);

#endif
