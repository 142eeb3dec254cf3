/* stack.xml of an OpenRaster file (openraster.org, "Layer Stack Specification").
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "limn-ora-private.h"

#include <glib/gi18n.h>
#include <string.h>

enum { MAX_LAYERS = 10000 };

/* A stack that is open while parsing. */
typedef struct {
  int x, y;
  double opacity;
  gboolean visible;
} Group;

typedef struct {
  LimnOraStack *stack;
  GArray *groups; /* of Group, the innermost last */
  gboolean seen_image;
} Parser;

static void
layer_free (gpointer data)
{
  LimnOraLayer *self = data;

  g_free (self->name);
  g_free (self->source);
  g_free (self);
}

static const char *
attribute (const char **names, const char **values, const char *name)
{
  for (int i = 0; names[i] != NULL; i++)
    if (g_str_equal (names[i], name))
      return values[i];
  return NULL;
}

static gboolean
wrong (GError **error, const char *what)
{
  g_set_error (error, LIMN_APP_ERROR, LIMN_APP_ERROR_INPUT, _("This OpenRaster file is damaged (its stack has %s)."), what);
  return FALSE;
}

static gboolean
parse_size (const char *text, int *value, GError **error)
{
  guint64 number;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 1, LIMN_PICTURE_MAX_SIDE, &number, NULL))
    return wrong (error, "no size that can be");
  *value = (int) number;
  return TRUE;
}

/* Offsets are whole numbers; some programs write "0.0". */
static gboolean
parse_offset (const char *text, int *value, GError **error)
{
  const double number = text != NULL ? g_ascii_strtod (text, NULL) : 0;

  if (!(number >= -LIMN_PICTURE_MAX_SIDE && number <= LIMN_PICTURE_MAX_SIDE))
    return wrong (error, "a layer that lies out of reach");
  *value = (int) number;
  return TRUE;
}

/* What stacks and layers have alike, together with the stacks around. */
static gboolean
parse_place (Parser *self, const char **names, const char **values, Group *group, GError **error)
{
  const char *opacity = attribute (names, values, "opacity"), *visibility = attribute (names, values, "visibility");
  const double number = opacity != NULL ? g_ascii_strtod (opacity, NULL) : 1;

  if (!parse_offset (attribute (names, values, "x"), &group->x, error) ||
      !parse_offset (attribute (names, values, "y"), &group->y, error))
    return FALSE;
  if (!(number >= 0 && number <= 1))
    return wrong (error, "an opacity that is not from 0 to 1");
  group->opacity = number;
  group->visible = visibility == NULL || !g_str_equal (visibility, "hidden");
  if (self->groups->len > 0) {
    const Group *around = &g_array_index (self->groups, Group, self->groups->len - 1);

    group->x = CLAMP (group->x + around->x, -LIMN_PICTURE_MAX_SIDE, LIMN_PICTURE_MAX_SIDE);
    group->y = CLAMP (group->y + around->y, -LIMN_PICTURE_MAX_SIDE, LIMN_PICTURE_MAX_SIDE);
    group->opacity *= around->opacity;
    group->visible = group->visible && around->visible;
  }
  return TRUE;
}

static void
start_element (GMarkupParseContext *context, const char *element, const char **names, const char **values, gpointer user, GError **error)
{
  Parser *self = user;
  Group group;

  if (g_str_equal (element, "image")) {
    self->seen_image = parse_size (attribute (names, values, "w"), &self->stack->width, error) &&
                       parse_size (attribute (names, values, "h"), &self->stack->height, error);
  } else if (g_str_equal (element, "stack")) {
    if (parse_place (self, names, values, &group, error))
      g_array_append_val (self->groups, group);
  } else if (g_str_equal (element, "layer")) {
    const char *source = attribute (names, values, "src"), *name = attribute (names, values, "name");
    LimnOraLayer *layer;

    if (source == NULL || self->stack->layers->len >= MAX_LAYERS) {
      wrong (error, source == NULL ? "a layer without a picture" : "too many layers");
      return;
    }
    if (!parse_place (self, names, values, &group, error))
      return;
    layer = g_new (LimnOraLayer, 1);
    *layer = (LimnOraLayer){ g_strdup (name != NULL ? name : ""), g_strdup (source), group.x, group.y, group.opacity, group.visible };
    g_ptr_array_insert (self->stack->layers, 0, layer);
  }
}

static void
end_element (GMarkupParseContext *context, const char *element, gpointer user, GError **error)
{
  Parser *self = user;

  if (g_str_equal (element, "stack"))
    g_array_set_size (self->groups, self->groups->len - 1);
}

gboolean
limn_ora_stack_parse (LimnOraStack *self, const char *xml, gsize length, GError **error)
{
  static const GMarkupParser functions = { .start_element = start_element, .end_element = end_element };
  Parser parser = { self, g_array_new (FALSE, FALSE, sizeof (Group)), FALSE };
  GMarkupParseContext *context = g_markup_parse_context_new (&functions, 0, &parser, NULL);
  GError *why = NULL;
  gboolean done;

  *self = (LimnOraStack){ .layers = g_ptr_array_new_with_free_func (layer_free) };
  done = g_markup_parse_context_parse (context, xml, (gssize) length, &why) && g_markup_parse_context_end_parse (context, &why);
  g_markup_parse_context_free (context);
  g_array_unref (parser.groups);
  if (done && !parser.seen_image)
    done = wrong (&why, "no picture");
  if (done && (guint64) self->width * self->height > LIMN_PICTURE_MAX_PIXELS)
    done = wrong (&why, "too many pixels");
  if (done)
    return TRUE;
  if (why->domain == G_MARKUP_ERROR) {
    g_clear_error (&why);
    wrong (&why, "no XML that can be read");
  }
  g_propagate_error (error, why);
  limn_ora_stack_clear (self);
  return FALSE;
}

void
limn_ora_stack_clear (LimnOraStack *self)
{
  g_clear_pointer (&self->layers, g_ptr_array_unref);
}
