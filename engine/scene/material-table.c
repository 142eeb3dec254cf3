/* The table of materials. A new one is a row here and, where it has a texture, a picture in resources/materials.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "material-table.h"

#include <string.h>

/* clang-format off */
#define IS(label, id, group, r, g, b, surface) { label, id, LIMN_GROUP_##group, { r, g, b }, surface }

static const LimnLook looks[] = {
  /* light, then: span, cell, contrast, colourfulness, keep, recede, border, grain, softness */
  { IS ( 1, "sky",      SKY,    140, 190, 235, NULL), LIMN_LIGHT_SKY,          0,    0,    0,    0,    1,    0,    0,    0, 1.0f },
  { IS ( 2, "sunset",   SKY,    240, 150,  90, NULL), LIMN_LIGHT_SKY,          0,    0,    0,    0,    1,    0,    0,    0, 1.0f },
  { IS ( 3, "clouds",   SKY,    250, 250, 250, NULL), LIMN_LIGHT_CLOUD,        0,    0,    0,    0,    1,    0,   26,   34, 7.0f },
  { IS ( 4, "sun",      SKY,    255, 225,  90, NULL), LIMN_LIGHT_SUN,          0,    0,    0,    0,    1,    0,    0,    0, 1.2f },
  { IS ( 5, "meadow",   GROUND, 115, 170,  60, "grass"), LIMN_LIGHT_GROUND,     460,  130, .75f,  .6f,  .5f, 1.5f,    6,    6, 0.8f },
  { IS ( 6, "lawn",     GROUND, 100, 165,  60, "grass"), LIMN_LIGHT_GROUND,     360,  140, .60f,  .5f,  .5f, 1.5f,    3,    4, 0.8f },
  { IS ( 7, "sand",     GROUND, 215, 185, 135, "sand"), LIMN_LIGHT_GROUND,     512,  200, 1.3f, 1.0f, .75f, 1.8f,    3,   14, 0.8f },
  { IS ( 8, "path",     GROUND, 175, 145, 105, "soil"), LIMN_LIGHT_GROUND,     512,  150, .80f,  .8f,  .8f, 1.8f,    2,    6, 0.8f },
  { IS ( 9, "gravel",   GROUND, 165, 160, 150, "gravel"), LIMN_LIGHT_GROUND,     300,  150, .80f, 1.0f,  .9f, 1.7f,    2,    5, 0.8f },
  { IS (10, "rock",     GROUND,  95,  85,  80, "rock"), LIMN_LIGHT_ROCK,       410,  170, 1.2f, 1.0f,  .6f,    0,    4,    9, 0.8f },
  { IS (11, "mountain", GROUND, 110, 110, 125, "crag"), LIMN_LIGHT_MOUNTAIN,   307,  150, .55f, 1.0f,  .9f,    0,    5,   12, 0.8f },
  { IS (12, "snow",     GROUND, 240, 245, 250, "snow"), LIMN_LIGHT_GROUND,     400,  130, .55f,  .8f, .95f, 1.7f,    6,   12, 1.0f },
  { IS (28, "road",     GROUND, 110, 110, 115, "asphalt"), LIMN_LIGHT_GROUND,     200,  90, .80f, 1.0f,  .9f, 1.7f,    1,    5, 0.8f },
  { IS (13, "water",    WATER,   70, 130, 195, NULL), LIMN_LIGHT_WATER,        0,    0,    0,    0,    1,    0,    2,   10, 0.8f },
  { IS (14, "sea",      WATER,   50,  95, 150, NULL), LIMN_LIGHT_WATER,        0,    0,    0,    0,    1,    0,    0,   10, 0.6f },
  { IS (15, "leaves",   PLANTS,  55, 120,  40, "leaves"), LIMN_LIGHT_CROWN,      230,   90, .95f,  .8f, .75f,    0,   18,    9, 0.6f },
  { IS (16, "hedge",    PLANTS,  45, 100,  45, "leaves"), LIMN_LIGHT_CROWN,      250,   80,  .9f,  .8f, .75f,    0,    11,    7, 0.6f },
  { IS (17, "firs",     PLANTS,  35,  75,  50, "leaves"), LIMN_LIGHT_FIRS,       150,   60, .40f,  .4f, .95f,    0,   30,    6, 0.6f },
  { IS (18, "woods",    PLANTS,  45,  85,  50, "leaves"), LIMN_LIGHT_WOOD,       180,   50, .45f,  .5f,  .9f,    0,    7,    6, 0.7f },
  { IS (19, "bark",     PLANTS, 100,  65,  40, "bark"), LIMN_LIGHT_TRUNK,       90,   50, .95f,  .8f,  .8f,    0, 1.5f,    5, 0.7f },
  { IS (20, "straw",    PLANTS, 215, 180, 100, "straw"), LIMN_LIGHT_GROUND,     400,  120, .75f,  .8f,  .7f, 1.4f,    4,    5, 0.8f },
  { IS (27, "fur",      PLANTS, 160, 115,  75, "fur"), LIMN_LIGHT_SOFT,       240,   90,  .8f,  .8f, .85f,    0,    3,    3, 0.9f },
  { IS (21, "stone",    BUILT,  150, 148, 140, "stone"), LIMN_LIGHT_WALL,       200,    0,  .9f, 1.0f, .85f,    0,    0,    0, 0.5f },
  { IS (22, "brick",    BUILT,  175,  85,  65, "brick"), LIMN_LIGHT_WALL,       317,    0, 1.0f, 1.0f,  .6f,    0,    0,    0, 0.5f },
  { IS (23, "roof",     BUILT,  150,  60,  45, "roof"), LIMN_LIGHT_ROOF,       260,    0, 1.0f, 1.0f,  .85f,    0,    0,    0, 0.5f },
  { IS (24, "wood",     BUILT,  125,  90,  60, "planks"), LIMN_LIGHT_WALL,       220,    0,  .9f, 1.0f,  .9f,    0,    0,    0, 0.5f },
  { IS (25, "plaster",  BUILT,  235, 230, 220, "plaster"), LIMN_LIGHT_WALL,       220,   80,  .5f, 1.0f, .95f,    0,    0,    0, 0.5f },
  { IS (26, "glass",    BUILT,  120, 170, 205, NULL), LIMN_LIGHT_GLASS,        0,    0,    0,    0,    1,    0,    0,    0, 0.5f },
};
/* clang-format on */

enum { COUNT = sizeof looks / sizeof *looks };

size_t
limn_material_count (void)
{
  return COUNT;
}

const LimnMaterial *
limn_material_at (size_t index)
{
  return index < COUNT ? &looks[index].is : NULL;
}

const LimnLook *
limn_look_of_label (uint8_t label)
{
  for (size_t i = 0; i < COUNT; i++)
    if (looks[i].is.label == label)
      return &looks[i];
  return NULL;
}

const LimnMaterial *
limn_material_of_label (uint8_t label)
{
  const LimnLook *look = limn_look_of_label (label);

  return look ? &look->is : NULL;
}

const LimnMaterial *
limn_material_of_id (const char *id)
{
  for (size_t i = 0; i < COUNT; i++)
    if (strcmp (looks[i].is.id, id) == 0)
      return &looks[i].is;
  return NULL;
}
