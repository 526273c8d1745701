import { Button, Skeleton, Table, TextInput } from '@mantine/core';
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { messageOf } from '../api/failure.js';
import { useTableKeys, moveFocus } from '../hooks/use-table-keys.js';
import type { TableSource } from '../hooks/use-table-source.js';
import { nextSorting, searchRows, sortRows, type Sorting, type SortValue } from '../logic/table-rows.js';
import classes from './DataTable.module.css';
import { Icon, type IconName } from './Icon.js';
import { StateView } from './StateView.js';

export interface Column<T> {
  id: string;
  label: string;
  render(row: T): ReactNode;
  /** What the column is sorted by; without it, it cannot be sorted. */
  sortBy?: (row: T) => SortValue;
  /** Left out where the screen is narrow. */
  wideOnly?: boolean;
}

interface DataTableProps<T> {
  label: string;
  source: TableSource<T>;
  /** The first column names the row and leads to it. */
  columns: readonly [Column<T>, ...Column<T>[]];
  rowId(row: T): string;
  rowTo(row: T): string;
  /** What the search looks through; without it there is no search. */
  textOf?: (row: T) => string;
  empty: { icon: IconName; title: string; hint: string };
}

/** Rows at first and more on demand, so that a long list does not slow the page. */
const SHOWN_AT_ONCE = 100;

/** A list of things with search, sorting, and its loading, empty and failed states. Arrows move through the rows. */
export function DataTable<T>({ label, source, columns, rowId, rowTo, textOf, empty }: DataTableProps<T>) {
  const { t, i18n } = useTranslation(['settings', 'common']);
  const [query, setQuery] = useState('');
  const [sorting, setSorting] = useState<Sorting>({ columnId: columns[0].id, descending: false });
  const [most, setMost] = useState(SHOWN_AT_ONCE);
  const search = useRef<HTMLInputElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  useTableKeys(body, textOf === undefined ? null : search);

  if (source.rows === undefined) {
    if (source.error === null) return <TableSkeleton />;
    return (
      <StateView icon="alert" title={t('table.failed')} hint={messageOf(i18n, source.error)} onRetry={source.retry} />
    );
  }
  if (source.rows.length === 0) return <StateView {...empty} />;
  const found = textOf === undefined ? source.rows : searchRows(source.rows, query, textOf);
  const sortBy = columns.find(({ id }) => id === sorting.columnId)?.sortBy;
  const sorted = sortBy === undefined ? found : sortRows(found, sortBy, sorting.descending);
  const rows = sorted.slice(0, most);
  return (
    <div className={classes.root}>
      {textOf !== undefined && (
        <TextInput
          ref={search}
          type="search"
          className={classes.search}
          aria-label={t('table.search')}
          placeholder={t('table.search')}
          leftSection={<Icon name="search" size={16} />}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
      )}
      <span className={classes.count} role="status">
        {query.trim() !== '' && t('table.found', { count: found.length })}
      </span>
      {found.length === 0 ? (
        <NothingFound query={query} onClear={() => setQuery('')} />
      ) : (
        <Table aria-label={label} className={classes.table}>
          <Head columns={columns} sorting={sorting} onSort={(id) => setSorting(nextSorting(sorting, id))} />
          <Table.Tbody ref={body} onKeyDown={(event: KeyboardEvent) => moveFocus(body, event)}>
            {rows.map((row) => (
              <Table.Tr key={rowId(row)} className={classes.row}>
                {columns.map((column, index) => (
                  <Table.Td key={column.id} className={column.wideOnly === true ? classes.wideOnly : undefined}>
                    {index === 0 ? (
                      <Link className={classes.link} to={rowTo(row)}>
                        {column.render(row)}
                      </Link>
                    ) : (
                      column.render(row)
                    )}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {rows.length < sorted.length && (
        <Button variant="default" className={classes.more} onClick={() => setMost(most + SHOWN_AT_ONCE)}>
          {t('table.more')}
        </Button>
      )}
    </div>
  );
}

interface HeadProps<T> {
  columns: readonly Column<T>[];
  sorting: Sorting;
  onSort: (columnId: string) => void;
}

function Head<T>({ columns, sorting, onSort }: HeadProps<T>) {
  return (
    <Table.Thead>
      <Table.Tr>
        {columns.map(({ id, label, sortBy, wideOnly }) => {
          const sorted = sortBy !== undefined && sorting.columnId === id;
          const direction = sorting.descending ? 'descending' : 'ascending';
          return (
            <Table.Th
              key={id}
              className={wideOnly === true ? classes.wideOnly : undefined}
              aria-sort={sorted ? direction : undefined}
            >
              {sortBy === undefined ? (
                label
              ) : (
                <button type="button" className={classes.sort} onClick={() => onSort(id)}>
                  {label}
                  <Icon name={sorted ? (sorting.descending ? 'down' : 'up') : 'sort'} size={14} />
                </button>
              )}
            </Table.Th>
          );
        })}
      </Table.Tr>
    </Table.Thead>
  );
}

function NothingFound({ query, onClear }: { query: string; onClear: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  return (
    <div className={classes.nothing}>
      <p>{t('table.nothing', { query: query.trim() })}</p>
      <Button variant="default" size="sm" onClick={onClear}>
        {t('table.clear')}
      </Button>
    </div>
  );
}

function TableSkeleton() {
  const { t } = useTranslation(['settings', 'common']);
  return (
    <div className={classes.skeleton} role="status" aria-busy="true" aria-label={t('common:loading')}>
      {[0, 1, 2, 3, 4].map((row) => (
        <Skeleton key={row} h={40} />
      ))}
    </div>
  );
}
