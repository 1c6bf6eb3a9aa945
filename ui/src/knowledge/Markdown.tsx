/** Markdown painted. All its headings are one below that of the article, and differ in size alone. */
import { Fragment, type ReactNode } from "react";

import "@/knowledge/markdown.css";
import { markdown, type Block, type Inline } from "@/knowledge/markdown";

type Heading = "h2" | "h3";

export function Markdown({ text, lang, heading }: { text: string; lang: string; heading: Heading }) {
  return (
    <div className="markdown" lang={lang} dir="auto">
      {markdown(text).map((block, at) => (
        <Shown key={at} block={block} heading={heading} />
      ))}
    </div>
  );
}

const spans = (content: readonly Inline[]): ReactNode => content.map((one, at) => <Span key={at} one={one} />);

function Span({ one }: { one: Inline }) {
  if (typeof one === "string") return one;
  switch (one.kind) {
    case "bold":
      return <strong>{spans(one.content)}</strong>;
    case "italic":
      return <em>{spans(one.content)}</em>;
    case "strike":
      return <s>{spans(one.content)}</s>;
    case "code":
      return <code>{one.text}</code>;
    case "link":
      return (
        <a href={one.href} target="_blank" rel="noopener noreferrer">
          {spans(one.content)}
        </a>
      );
  }
}

function Shown({ block, heading: Heading }: { block: Block; heading: Heading }) {
  switch (block.kind) {
    case "heading":
      return <Heading className={block.level === 1 ? "first" : ""}>{spans(block.content)}</Heading>;
    case "paragraph":
      return (
        <p>
          {block.lines.map((line, at) => (
            <Fragment key={at}>
              {at > 0 && <br />}
              {spans(line)}
            </Fragment>
          ))}
        </p>
      );
    case "list":
      return <Items block={block} heading={Heading} />;
    case "quote":
      return <blockquote>{block.blocks.map((one, at) => <Shown key={at} block={one} heading={Heading} />)}</blockquote>;
    case "code":
      return <pre tabIndex={0}>{block.text}</pre>;
    case "table":
      return <Table block={block} />;
    case "rule":
      return <hr />;
  }
}

function Items({ block, heading }: { block: Block & { kind: "list" }; heading: Heading }) {
  const items = block.items.map((item, at) => (
    <li key={at}>
      {item.map((one, number) => (
        <Shown key={number} block={one} heading={heading} />
      ))}
    </li>
  ));
  return block.start === null ? <ul>{items}</ul> : <ol start={block.start}>{items}</ol>;
}

function Table({ block }: { block: Block & { kind: "table" } }) {
  return (
    <div className="markdownTable" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {block.head.map((cell, at) => (
              <th key={at}>{spans(cell)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {block.rows.map((row, number) => (
            <tr key={number}>
              {row.map((cell, at) => (
                <td key={at}>{spans(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
