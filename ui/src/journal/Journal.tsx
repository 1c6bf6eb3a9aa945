export function OwnHistory() {
  return null;
}
export function AllContacts() {
  return null;
}
