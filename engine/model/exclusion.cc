#include <array>

#include "engine/model/field_makers.h"

namespace viasync::model {
namespace {

constexpr std::array kFields = {
    Key(Word<&Exclusion::type>("type")),
    Key(Name<&Exclusion::address>("address")),
    Key(Name<&Exclusion::list>("list")),
    KeptWhenLeftOut(Text<&Exclusion::reason>("reason")),
    OrgFillsIn(Time<&Exclusion::start>("start")),
    Time<&Exclusion::end>("end"),
};
static_assert(kFields.size() == InfoOf<Exclusion>().fields);

}  // namespace

std::span<const Field<Exclusion>> KindTraits<Exclusion>::Fields() { return kFields; }

}  // namespace viasync::model
