/* A scene: what a sketch shows, as areas of materials with their places, distances, colours and light. Made once for a rendering; pixels
 * are then a function of it and of their place alone.
 *
 * Places are in units from the picture's upper left corner; its longer side has LIMN_UNITS of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef LIMN_SCENE_H
#define LIMN_SCENE_H

#include "engine/base/pool.h"
#include "engine/imaging/image.h"
#include "engine/texture/surface-set.h"
#include "material-table.h"

enum { LIMN_AREAS_MOST = 64, LIMN_LONE_MOST = 40 };

/* Farther than so from a border nothing depends on how far it is; units. */
#define LIMN_DISTANCE_MOST 64.0f
#define LIMN_DEPTH_LEAST -160.0f
#define LIMN_DEPTH_MOST 96.0f

/* A tree that stands alone: its foot, height and half its width, units. */
typedef struct {
  float x, foot, high, half;
} LimnLone;

typedef struct LimnStands LimnStands; /* stands.h */

/* All places of one label. */
typedef struct {
  uint8_t label;
  const LimnLook *look;          /* NULL: plain, the network's */
  const LimnSurface *surface;    /* or NULL */
  uint32_t fingerprint;          /* the surface's, or 0 */
  float texels;                  /* of the surface in a unit */
  float cell;                    /* of its hexagons, texels; 0: the surface is repeated as it is */
  LimnImage tone;                /* [..][..][4]: Lab of the paint, smooth, beyond the area too; LIMN_TONE_CELL units a cell */
  LimnLab mean;                  /* of the paint */
  LimnImage depth;               /* of what stands out of its area (limn_stands_out): [..][..][1] distance into it, units, < 0 outside,
                               * within LIMN_DEPTH_LEAST and _MOST; two grid cells a cell */
  LimnLone lone[LIMN_LONE_MOST]; /* trees that were painted one by one and are no part of depth; from the front to the back */
  size_t lone_count;
  LimnStands *stands; /* of what stands out, else NULL */
} LimnArea;

/* Where light comes from: its direction is towards it, x to the right, y down, z towards the eye; of length one. */
typedef struct {
  float x, y;   /* place of the sun, units */
  float radius; /* of its disc; 0: none was painted */
  float towards[3];
  bool low, night; /* a sunset's, or a moon */
  LimnLab glow;    /* what a low sun adds to colours: shares of L, and a and b */
} LimnSunlight;

typedef struct {
  LimnPool *pool;
  float wide, high;               /* the picture, units */
  float pixel;                    /* units a pixel of it */
  size_t grid_width, grid_height; /* cells of the planes below */
  float cell;                     /* units a grid cell */
  uint8_t *area, *behind;         /* [grid]: index of the area at a place, and of the one beyond its nearest border */
  float *distance;                /* [grid]: to that border, units, at most LIMN_DISTANCE_MOST, where behind is area */
  uint8_t *cloud, *sun;           /* [grid]: whether clouds, the sun are painted there (they lie over an area) */
  LimnImage cloud_depth;          /* as LimnArea.depth; no data without clouds */
  LimnImage relief;               /* [half the grid][1]: areas as cushions, units high */
  LimnImage shadow;               /* [half the grid][1]: on the ground, 0 to 1 */
  LimnImage eaves;                /* [half the grid][1]: under roofs, on walls; no data without */
  LimnImage shore;                /* [half the grid][1]: y about which water mirrors; no data without water */
  LimnImage line;                 /* [grid][1]: pencil lines, 0 to 1, a little soft; no data without */
  LimnImage mirror;               /* [..][..][4]: Lab of the scene without water; no data without water */
  LimnArea areas[LIMN_AREAS_MOST];
  size_t count;
  bool plain, mountains, winter; /* whether any place is left to the network; whether there are mountains, snow on the ground */
  uint8_t sky;                   /* index of the area that is the sky, or count */
  float horizon;                 /* y, units */
  LimnSunlight sunlight;
  bool keep_lines;
  const LimnPixels *photo; /* or NULL */
} LimnScene;

#define LIMN_TONE_CELL 8.0f

typedef struct {
  LimnPool *pool;
  const LimnPixels *paint; /* 8 or 16 bits */
  const LimnMask *labels;  /* those in effect, of the paint's size */
  const LimnMask *ink;     /* or NULL */
  const LimnPixels *photo; /* that it is painted into, and water mirrors; or NULL. It outlives the scene */
  const LimnSketchMaterials *options;
  size_t width, height; /* of the picture to be made */
  float reach;          /* how far places without a label take the one beside them, units */
} LimnSceneInput;

/* Clear with limn_scene_clear, also after an error. */
LimnStatus limn_scene_new (LimnScene *scene, const LimnSceneInput *input, LimnError *error) LIMN_MUST_USE;
void limn_scene_clear (LimnScene *scene);

/* What shapes rise beyond the border of their area. */
static inline bool
limn_stands_out (const LimnLook *look)
{
  return look && (look->light == LIMN_LIGHT_CROWN || look->light == LIMN_LIGHT_WOOD || look->light == LIMN_LIGHT_FIRS);
}

static inline LimnLight
limn_area_light (const LimnArea *area)
{
  return area->look ? area->look->light : LIMN_LIGHT_PLAIN;
}

/* Value of a plane whose cells are size units wide at place (x, y), linear between cells. */
float limn_plane_at (const LimnImage *plane, float size, float x, float y);
LimnLab limn_lab_plane_at (const LimnImage *plane, float size, float x, float y);

/* Slopes of a plane there, measured over step units. */
void limn_plane_slope (const LimnImage *plane, float size, float x, float y, float step, float *dx, float *dy);

/* -- Its parts, in the order in which they are made. Internal to scene*.c -- */

/* Labels and areas of the grid, clouds and sun apart. */
LimnStatus limn_scene_read_labels (LimnScene *scene, const LimnSceneInput *input, LimnError *error) LIMN_MUST_USE;
/* Straightens the lines of built areas. */
LimnStatus limn_scene_straighten (LimnScene *scene, LimnError *error) LIMN_MUST_USE;
/* The sea's far border becomes level. */
void limn_scene_level_sea (LimnScene *scene);
/* distance and behind, and the depths of what stands out; borders are smoothed. */
LimnStatus limn_scene_measure (LimnScene *scene, LimnError *error) LIMN_MUST_USE;
/* Moves those connected parts of inside that are single trees to the area's lone ones. inside: [height][width], of size units a cell. */
LimnStatus limn_scene_find_lone (LimnArea *area, uint8_t *inside, size_t width, size_t height, float size, LimnError *error) LIMN_MUST_USE;
/* Colours of the areas. */
LimnStatus limn_scene_read_tones (LimnScene *scene, const LimnSceneInput *input, LimnError *error) LIMN_MUST_USE;
/* Horizon and light. */
void limn_scene_find_horizon (LimnScene *scene, const LimnSketchMaterials *options);
void limn_scene_find_light (LimnScene *scene, const LimnSketchMaterials *options);
/* Shadows on the ground and under eaves. */
LimnStatus limn_scene_cast_shadows (LimnScene *scene, LimnError *error) LIMN_MUST_USE;
/* About what water mirrors. */
LimnStatus limn_scene_find_shores (LimnScene *scene, LimnError *error) LIMN_MUST_USE;
/* The pencil's lines. */
LimnStatus limn_scene_read_lines (LimnScene *scene, const LimnSceneInput *input, LimnError *error) LIMN_MUST_USE;

#endif
