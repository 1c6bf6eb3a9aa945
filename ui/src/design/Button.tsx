import type { LucideIcon } from "lucide-react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components/Button";
import type { ReactNode } from "react";

export interface ButtonProps extends Omit<AriaButtonProps, "className" | "children" | "style"> {
  kind?: "primary" | "accept" | "end" | "bare" | undefined;
  large?: boolean;
  wide?: boolean;
  icon?: LucideIcon | undefined;
  /** Keys that do the same, shown at the end; not part of the name. */
  keys?: string | undefined;
  /** Set for switches: is it on? */
  pressed?: boolean;
  className?: string;
  children: ReactNode;
}

const classes = (...names: (string | false | undefined)[]) => names.filter(Boolean).join(" ");

export function Button({ kind, large, wide, icon: Icon, keys, pressed, className, children, ...rest }: ButtonProps) {
  return (
    <AriaButton
      {...rest}
      {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
      className={classes("button", kind, large && "large", wide && "wide", className)}
    >
      {Icon && <Icon size={large ? 20 : 16} aria-hidden />}
      <span className="clip">{children}</span>
      {keys && (
        <kbd className="kbd" aria-hidden>
          {keys}
        </kbd>
      )}
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<AriaButtonProps, "className" | "children" | "style"> {
  icon: LucideIcon;
  name: string;
  className?: string;
  children?: ReactNode;
}

/** A button that shows only a picture; its name is shown on hover and on focus (parts.css) and read out. */
export function IconButton({ icon: Icon, name, className, children, ...rest }: IconButtonProps) {
  return (
    <AriaButton {...rest} aria-label={name} className={classes("button icon bare tipped", className)}>
      <Icon size={18} aria-hidden />
      {children}
    </AriaButton>
  );
}
