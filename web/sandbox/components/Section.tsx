import type { ComponentChildren, JSX } from 'preact';

/** A part of the drawer under a title of its own. */
export function Section({ title, children }: { title: string; children: ComponentChildren }): JSX.Element {
  return (
    <section class="drawer-section">
      <h3 class="section-title">{title}</h3>
      {children}
    </section>
  );
}
