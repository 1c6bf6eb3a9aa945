"""Why a customer cannot be put through to somebody outside, and what may be wrong with such a number in a set-up."""

from __future__ import annotations

from typing import Final, Literal

OUTSIDE: Final[dict[str, dict[Literal["ru", "en"], str]]] = {
    "outside_no_line": {
        "ru": "На внешний номер переводят только того, кто сам на линии.",
        "en": "Only a customer who is on the line can be put through to an outside number.",
    },
    "outside_own_number": {
        "ru": "Это один из ваших собственных номеров: звонок вернулся бы сюда же.",
        "en": "This is one of your own numbers: the call would come back here.",
    },
    "outside_loop": {
        "ru": "Этот звонок сам пришёл с номера, на который мы переводим, или с нашего: он пошёл бы по кругу. Снимите на той стороне"
        " переадресацию на ваш номер.",
        "en": "This call has itself come from a number that we put customers through to, or from one of ours: it would go round."
        " Have the other side stop forwarding to your number.",
    },
    "outside_lines": {
        "ru": "На этот внешний номер идёт уже слишком много звонков сразу.",
        "en": "Too many calls go to this outside number already.",
    },
    "config_outside_dial": {
        "ru": "Нужен номер в международном виде (+7…) или один из short_numbers, а не «{found}».",
        "en": "A number in the international form (+44…) or one of short_numbers is needed, and not “{found}”.",
    },
    "config_outside_short": {
        "ru": "Короткого номера {found} нет в short_numbers.",
        "en": "The short number {found} is not in short_numbers.",
    },
    "config_outside_own": {
        "ru": "{found} — ваш собственный номер: звонок вернулся бы сюда же. Направьте на точку входа или очередь.",
        "en": "{found} is a number of your own: the call would come back here. Lead to the entry point or to a queue.",
    },
    "config_agent_own": {
        "ru": "{found} — ваш собственный номер: звонок вернулся бы сюда же. Укажите номер самого оператора.",
        "en": "{found} is a number of your own: the call would come back here. Give the agent's own number.",
    },
    "config_outside_rules": {
        "ru": "Номер, который набран или найден, нужно ограничить: укажите здесь очередь, у которой в calling.prefixes сказано, с чего"
        " номера могут начинаться. Иначе звонить за ваш счёт можно было бы куда угодно.",
        "en": "A number that is keyed or found must be limited: name a queue here whose calling.prefixes say with what numbers may begin."
        " Otherwise anybody could call anywhere at your expense.",
    },
    "config_no_trunk_outside": {
        "ru": "Переводить будет некуда: внешняя линия для исходящих не задана (OTKLIK_TRUNK_OUT).",
        "en": "Nobody can be put through: no trunk for calls out is set (OTKLIK_TRUNK_OUT).",
    },
}
