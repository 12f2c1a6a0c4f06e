'use client';

import type { PlanDiff as Diff, PlanDiffElement } from '@leadwright/elements';
import '@leadwright/elements';
import { useEffect, useRef } from 'react';

export function PlanDiff({ diff }: { diff: Diff }) {
  const element = useRef<PlanDiffElement>(null);
  useEffect(() => {
    element.current!.diff = diff;
  }, [diff]);
  return (
    <>
      <h1>Plans</h1>
      <lw-plan-diff ref={element} />
    </>
  );
}
