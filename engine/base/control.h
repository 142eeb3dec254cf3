/* The caller's wishes while an edit runs: cancelling and progress. A control may be NULL, and so may its members.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_CONTROL_H
#define LIMN_CONTROL_H

#include "error.h"

static inline bool
limn_cancelled (const LimnControl *control)
{
  return control != NULL && control->cancel != NULL && atomic_load_explicit (control->cancel, memory_order_relaxed) != 0;
}

/* LIMN_CANCELLED, with its sentence in error, once the cancel flag is set. */
static inline LimnStatus
limn_check_cancelled (const LimnControl *control, LimnError *error)
{
  return limn_cancelled (control) ? limn_fail_cancelled (error) : LIMN_OK;
}

/* Tells the caller the fraction in [0, 1] that is done. */
static inline void
limn_report (const LimnControl *control, double fraction)
{
  if (control != NULL && control->progress != NULL)
    control->progress (control->user, fraction);
}

/* The same cancel flag without progress, for one step of an edit that reports as a whole. */
static inline LimnControl
limn_without_progress (const LimnControl *control)
{
  return (LimnControl){ .cancel = control != NULL ? control->cancel : NULL };
}

#endif
