import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Eye, EyeOff, TriangleAlert } from "lucide-react";
import { useRef, useState, type KeyboardEvent } from "react";

import { ApiError } from "@/api/client";
import { signIn } from "@/api/session";
import { LanguageChoice, ThemeChoice } from "@/app/Preferences";
import { startPage } from "@/app/startPage";
import { Button, IconButton } from "@/design/Button";
import { Mark } from "@/design/Mark";
import { Refusal } from "@/design/Refusal";
import "@/signin/signin.css";

export function SignIn() {
  const { t } = useLingui();
  return (
    <div className="signin">
      <header className="signinTop">
        <LanguageChoice />
        <ThemeChoice />
      </header>
      <main className="signinCard card">
        <div className="signinBrand">
          <Mark size={36} />
          <div>
            <h1>{t`Otklik`}</h1>
            <p className="caption">
              <Trans>Contact centre</Trans>
            </p>
          </div>
        </div>
        <SignInForm />
      </main>
    </div>
  );
}

function SignInForm() {
  const { next, over } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const password = useRef<HTMLInputElement>(null);
  const attempt = useMutation({
    mutationFn: (form: FormData) => signIn(text(form, "login").trim(), text(form, "password")),
    onSuccess: (me) => navigate({ href: next ?? startPage(me), replace: true }),
    onError: () => password.current?.select(),
  });
  const failed = attempt.error instanceof ApiError && attempt.error.code === "wrong_login";

  return (
    <form
      className="signinForm"
      onSubmit={(event) => {
        event.preventDefault();
        attempt.mutate(new FormData(event.currentTarget));
      }}
    >
      {over && !attempt.error && (
        <p className="signinOver">
          <Trans>The session has ended. Sign in to go on from where you were.</Trans>
        </p>
      )}
      <div className="field">
        <label htmlFor="login">
          <Trans>Login</Trans>
        </label>
        <input
          id="login"
          name="login"
          className="input"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus
          aria-invalid={failed}
        />
      </div>
      <PasswordField field={password} invalid={failed} />
      <Refusal error={attempt.error} />
      <Button kind="primary" type="submit" wide isPending={attempt.isPending}>
        {attempt.isPending ? <Trans>Signing in…</Trans> : <Trans>Sign in</Trans>}
      </Button>
    </form>
  );
}

const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
};

function PasswordField({ field, invalid }: { field: React.RefObject<HTMLInputElement | null>; invalid: boolean }) {
  const { t } = useLingui();
  const [shown, setShown] = useState(false);
  const [capsLock, setCapsLock] = useState(false);
  const look = (event: KeyboardEvent) => setCapsLock(event.getModifierState("CapsLock"));
  return (
    <div className="field">
      <label htmlFor="password">
        <Trans>Password</Trans>
      </label>
      <div className="signinPassword">
        <input
          ref={field}
          id="password"
          name="password"
          type={shown ? "text" : "password"}
          className="input"
          autoComplete="current-password"
          required
          aria-invalid={invalid}
          aria-describedby="capslock"
          onKeyDown={look}
          onKeyUp={look}
          onBlur={() => setCapsLock(false)}
        />
        <IconButton
          icon={shown ? EyeOff : Eye}
          name={shown ? t`Hide what is typed` : t`Show what is typed`}
          onPress={() => setShown(!shown)}
        />
      </div>
      <p id="capslock" className="signinCaps" aria-live="polite">
        {capsLock && (
          <>
            <TriangleAlert size={14} aria-hidden />
            <Trans>Caps Lock is on</Trans>
          </>
        )}
      </p>
    </div>
  );
}
