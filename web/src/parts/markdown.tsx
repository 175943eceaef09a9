import { useMemo } from 'react';
import { piecesOf, readMarkdown, type Block, type Piece } from './markdown-read.ts';
import classes from './markdown.module.css';

/**
 * A text that a person wrote, as Markdown. What is drawn are our own elements with text in them: markup of the writer's is shown as
 * it stands, and nothing is loaded, pictures neither.
 */
export function Markdown({ text }: { readonly text: string }) {
  const blocks = useMemo(() => readMarkdown(text), [text]);
  return (
    <div className={classes['markdown']}>
      <Blocks blocks={blocks} />
    </div>
  );
}

// Blocks and pieces are known by their place alone.
function Blocks({ blocks }: { readonly blocks: readonly Block[] }) {
  // oxlint-disable-next-line react/no-array-index-key
  return blocks.map((block, index) => <OneBlock key={index} block={block} />);
}

function OneBlock({ block }: { readonly block: Block }) {
  switch (block.kind) {
    case 'paragraph':
      return (
        <p>
          <Pieces text={block.text} />
        </p>
      );
    case 'heading':
      // No heading of the page: what somebody wrote does not make its outline.
      return (
        <p className={classes['heading']} data-level={block.level}>
          <Pieces text={block.text} />
        </p>
      );
    case 'code':
      return <pre tabIndex={0}>{block.text}</pre>;
    case 'quote':
      return (
        <blockquote>
          <Blocks blocks={block.blocks} />
        </blockquote>
      );
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul';
      return (
        <List>
          {block.items.map((item, index) => (
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index}>
              <Blocks blocks={item} />
            </li>
          ))}
        </List>
      );
    }
    case 'rule':
      return <hr />;
  }
}

function Pieces({ text }: { readonly text: string }) {
  // oxlint-disable-next-line react/no-array-index-key
  return piecesOf(text).map((piece, index) => <OnePiece key={index} piece={piece} />);
}

function OnePiece({ piece }: { readonly piece: Piece }) {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'code':
      return <code>{piece.text}</code>;
    case 'strong':
      return <strong>{piece.text}</strong>;
    case 'emphasis':
      return <em>{piece.text}</em>;
    case 'link':
      return (
        <a
          href={piece.address}
          rel="noreferrer noopener nofollow"
          target="_blank"
          title={piece.address}
          data-bare={piece.text === piece.address || undefined}
        >
          {piece.text}
        </a>
      );
  }
}
