/* Outlines of areas as loops of corners, and their straightening. Internal to straighten.c and outline.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_OUTLINE_H
#define LIMN_OUTLINE_H

#include "engine/base/error.h"

typedef struct {
  float x, y;
} LimnPoint;

/* A closed loop; points is owned by whoever made it. */
typedef struct {
  LimnPoint *points;
  size_t count, room;
} LimnLoop;

LimnStatus limn_loop_add (LimnLoop *loop, float x, float y, LimnError *error) LIMN_MUST_USE;
void limn_loop_clear (LimnLoop *loop);

/* The loop as straight lines where it wobbles by no more than tolerance around one, nearly level and upright lines exactly so; parts that
 * bend keep their points. straight: emptied and filled. */
LimnStatus limn_loop_straighten (const LimnLoop *loop, float tolerance, LimnLoop *straight, LimnError *error) LIMN_MUST_USE;

#endif
