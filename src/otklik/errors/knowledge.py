"""What may go wrong with the knowledge base."""

from __future__ import annotations

from typing import Final, Literal

KNOWLEDGE: Final[dict[str, dict[Literal["ru", "en"], str]]] = {
    "no_such_article": {
        "ru": "Такой статьи нет: её удалили или сняли с публикации.",
        "en": "There is no such article: it was removed, or is no longer published.",
    },
    "article_conflict": {
        "ru": "Статью тем временем изменили: сейчас версия {version}. Откройте её заново; ваш текст остался в этом окне.",
        "en": "The article was changed meanwhile: it is version {version} now. Open it again; your text is still in this window.",
    },
}
