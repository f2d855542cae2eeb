// The typed calls of every declared kind.
#pragma once

#include "engine/api/calls.h"
#include "engine/api/exclusions.h"
#include "engine/api/filters.h"
#include "engine/api/lists.h"
