#include "engine/sandbox/org.h"

namespace viasync::sandbox {

std::int64_t Org::NextVersion() {
  last_version += 1 + last_version % 3;
  return last_version;
}

const ContactList* Org::ListUsing(const std::string& filter_name) const {
  for (const ContactList* list : lists.order()) {
    if (list->filter_name == filter_name) return list;
  }
  return nullptr;
}

void Org::RenameFilter(const std::string& old_name, const std::string& new_name) {
  for (const ContactList* list : lists.order()) {
    if (list->filter_name != old_name) continue;
    ContactList renamed = *list;
    renamed.filter_name = new_name;
    renamed.version = NextVersion();
    lists.Replace(std::move(renamed));
  }
}

const Exclusion* Org::EqualExclusion(const Exclusion& wanted, std::int64_t except_id) const {
  for (const Exclusion* other : exclusions.FindByKey(wanted.address)) {
    if (other->id != except_id && other->contact_type == wanted.contact_type &&
        other->list_name == wanted.list_name && other->start == wanted.start &&
        other->end == wanted.end) {
      return other;
    }
  }
  return nullptr;
}

}  // namespace viasync::sandbox
