import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";

import type { Me } from "@/api/types";
import { usePlaces } from "@/app/places";
import { Mark } from "@/design/Mark";

export function Rail({ me }: { me: Me }) {
  const { t, i18n } = useLingui();
  const places = usePlaces(me);
  return (
    <nav className="rail" aria-label={t`Places`}>
      <Link to="/" className="railMark" aria-label={t`Otklik, start page`}>
        <Mark size={32} />
      </Link>
      {places.map(({ to, name, icon: Icon }) => (
        <Link key={to} to={to} className="railPlace">
          <Icon size={20} aria-hidden />
          {i18n._(name)}
        </Link>
      ))}
    </nav>
  );
}
