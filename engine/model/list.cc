#include <array>

#include "engine/model/field_makers.h"

namespace viasync::model {
namespace {

constexpr std::array kFields = {
    Key(Name<&List::name>("name")),
    AlwaysWritten(KeptWhenLeftOut(Name<&List::filter>("filter"))),
};
static_assert(kFields.size() == InfoOf<List>().fields);

}  // namespace

std::span<const Field<List>> KindTraits<List>::Fields() { return kFields; }

}  // namespace viasync::model
