/* Materials: their names. SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-material.h"

#include <glib/gi18n.h>

#include "engine/limn-engine.h"

G_STATIC_ASSERT ((int) LIMN_MATERIAL_GUESS == (int) LIMN_LABEL_NONE && (int) LIMN_MATERIAL_PLAIN == (int) LIMN_LABEL_PLAIN);

static const struct {
  const char *id, *name;
} names[] = {
  { "sky", NC_("material", "Clear sky") },   { "sunset", NC_("material", "Sunset") },     { "clouds", NC_("material", "Clouds") },
  { "sun", NC_("material", "Sun") },         { "meadow", NC_("material", "Meadow") },     { "lawn", NC_("material", "Lawn") },
  { "sand", NC_("material", "Sand") },       { "path", NC_("material", "Path") },         { "gravel", NC_("material", "Gravel") },
  { "rock", NC_("material", "Rock") },       { "mountain", NC_("material", "Mountain") }, { "snow", NC_("material", "Snow") },
  { "road", NC_("material", "Road") },       { "water", NC_("material", "Calm water") },  { "sea", NC_("material", "Sea") },
  { "leaves", NC_("material", "Leaves") },   { "hedge", NC_("material", "Hedge") },       { "firs", NC_("material", "Firs") },
  { "woods", NC_("material", "Far woods") }, { "bark", NC_("material", "Bark") },         { "straw", NC_("material", "Straw") },
  { "fur", NC_("material", "Fur") },         { "stone", NC_("material", "Stone wall") },  { "brick", NC_("material", "Brick") },
  { "roof", NC_("material", "Roof tiles") }, { "wood", NC_("material", "Wood") },         { "plaster", NC_("material", "Plaster") },
  { "glass", NC_("material", "Glass") },
};

static const char *const groups[] = {
  [LIMN_GROUP_SKY] = NC_("materials", "Sky"),     [LIMN_GROUP_GROUND] = NC_("materials", "Ground"),
  [LIMN_GROUP_WATER] = NC_("materials", "Water"), [LIMN_GROUP_PLANTS] = NC_("materials", "Plants"),
  [LIMN_GROUP_BUILT] = NC_("materials", "Built"),
};
G_STATIC_ASSERT (G_N_ELEMENTS (groups) == LIMN_N_GROUPS);

guint
limn_material_get_count (void)
{
  return (guint) limn_material_count ();
}

/* A material that has no name yet is called by its id. */
static const char *
get_name (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i].id, id))
      return g_dpgettext2 (NULL, "material", names[i].name);
  return id;
}

static LimnMaterialInfo
make_info (const LimnMaterial *material)
{
  return (LimnMaterialInfo){ .label = material->label,
                             .rgb = { material->colour[0], material->colour[1], material->colour[2] },
                             .group = material->group,
                             .textured = material->surface != NULL,
                             .id = material->id,
                             .name = get_name (material->id) };
}

LimnMaterialInfo
limn_material_get (guint index)
{
  const LimnMaterial *material = limn_material_at (index);
  g_return_val_if_fail (material != NULL, (LimnMaterialInfo){ 0 });
  return make_info (material);
}

gboolean
limn_material_find (guint8 label, LimnMaterialInfo *info)
{
  const LimnMaterial *material = limn_material_of_label (label);
  if (!material)
    return FALSE;
  *info = make_info (material);
  return TRUE;
}

const char *
limn_material_get_name (guint8 label)
{
  const LimnMaterial *material = limn_material_of_label (label);
  if (material)
    return get_name (material->id);
  return label == LIMN_MATERIAL_PLAIN ? C_("material", "Plain") : C_("material", "By its color");
}

guint
limn_material_get_n_groups (void)
{
  return LIMN_N_GROUPS;
}

const char *
limn_material_group_get_name (guint group)
{
  g_return_val_if_fail (group < LIMN_N_GROUPS, NULL);
  return g_dpgettext2 (NULL, "materials", groups[group]);
}
