/** Numbers as they are written. Pure. */

/** Numbers apart by commas, semicolons, lines or columns, as they come out of a letter or a table. */
export const numbersIn = (typed: string): string[] => typed.split(/[,;\n\t]/).map((each) => each.trim()).filter(Boolean);
