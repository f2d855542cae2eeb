#include <array>

#include "engine/model/field_makers.h"

namespace viasync::model {
namespace {

constexpr std::array kFields = {
    Key(Name<&Filter::name>("name")),
    KeptWhenLeftOut(Text<&Filter::description>("description")),
    KeptWhenLeftOut(Name<&Filter::schema>("schema")),
    Criteria<&Filter::criteria>("criteria"),
};
static_assert(kFields.size() == InfoOf<Filter>().fields);

}  // namespace

std::span<const Field<Filter>> KindTraits<Filter>::Fields() { return kFields; }

}  // namespace viasync::model
