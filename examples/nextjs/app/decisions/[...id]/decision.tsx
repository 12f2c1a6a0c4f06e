'use client';

import type { ContractOf, DecisionElement, Explanation } from '@leadwright/elements';
import '@leadwright/elements';
import { useEffect, useRef, useState } from 'react';

/** Data go in as properties, and what somebody opens comes out as an event. */
export function Decision({ explanation, contracts }: { explanation: Explanation; contracts: ContractOf[] }) {
  const element = useRef<DecisionElement>(null);
  const [opened, setOpened] = useState('');
  useEffect(() => {
    const shown = element.current!;
    shown.decision = explanation;
    shown.buyers = contracts;
    const hear = (event: GlobalEventHandlersEventMap['lw-select']) => {
      if (event.detail.kind === 'contract' && 'contract' in event.detail) setOpened(event.detail.contract);
    };
    shown.addEventListener('lw-select', hear);
    return () => shown.removeEventListener('lw-select', hear);
  }, [explanation, contracts]);
  return (
    <>
      <h1>Why?</h1>
      <p role="status">{opened && `opened: ${opened}`}</p>
      <lw-decision ref={element} />
    </>
  );
}
