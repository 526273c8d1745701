/** A value that was replaced by another. */
export interface Changed<T> {
  from: T;
  to: T;
}
