/** Markdown painted. Headings stand below those of the page. */
import { Fragment, type ReactNode } from "react";

import "@/knowledge/markdown.css";
import { markdown, type Block, type Inline } from "@/knowledge/markdown";

export function Markdown({ text, lang }: { text: string; lang: string }) {
  return (
    <div className="markdown" lang={lang} dir="auto">
      {markdown(text).map((block, at) => (
        <Shown key={at} block={block} />
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

function Shown({ block }: { block: Block }) {
  switch (block.kind) {
    case "heading": {
      const Heading = block.level === 1 ? "h4" : block.level === 2 ? "h5" : "h6";
      return <Heading>{spans(block.content)}</Heading>;
    }
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
      return <Items block={block} />;
    case "quote":
      return <blockquote>{block.blocks.map((one, at) => <Shown key={at} block={one} />)}</blockquote>;
    case "code":
      return <pre tabIndex={0}>{block.text}</pre>;
    case "table":
      return <Table block={block} />;
    case "rule":
      return <hr />;
  }
}

function Items({ block }: { block: Block & { kind: "list" } }) {
  const items = block.items.map((item, at) => (
    <li key={at}>
      {item.map((one, number) => (
        <Shown key={number} block={one} />
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
