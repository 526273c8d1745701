import { describe, expect, it } from '@jest/globals';
import nock from 'nock';
import { fetchProfile } from '../../../../channels/messenger/profile.js';
import { contextFor, ENV, graph, PSID } from './support.js';
import { usePlatform } from './use-platform.js';

const NOBODY = { name: null, avatarUrl: null, locale: null };

usePlatform();

function answer(status: number, body: unknown) {
  nock(ENV.GRAPH_BASE_URL)
    .get(`/v25.0/${PSID}`)
    .query((query) => query.fields === 'first_name,last_name,profile_pic' && typeof query.appsecret_proof === 'string')
    .reply(status, body as nock.Body);
}

describe('fetchProfile', () => {
  it('gives name and picture', async () => {
    const profile = graph('user-profile.response');
    answer(200, profile);
    await expect(fetchProfile(PSID, contextFor())).resolves.toEqual({
      name: 'Lena Example',
      avatarUrl: profile.profile_pic,
      locale: null,
    });
  });

  it('gives what there is', async () => {
    answer(200, { last_name: 'Example', profile_pic: 'about:blank' });
    await expect(fetchProfile(PSID, contextFor())).resolves.toEqual({ ...NOBODY, name: 'Example' });
    answer(200, {});
    await expect(fetchProfile(PSID, contextFor())).resolves.toEqual(NOBODY);
  });

  it.each(['error-user-profile-2018218', 'error-10-permission', 'error-200-permission', 'error-100-2018001-no-user'])(
    'takes %s for a person without a name',
    async (name) => {
      answer(400, graph(`${name}.error`));
      await expect(fetchProfile(PSID, contextFor())).resolves.toEqual(NOBODY);
    },
  );

  it('asks for nobody who is known by a plugin’s reference only', async () => {
    await expect(fetchProfile('user_ref:cart', contextFor())).resolves.toEqual(NOBODY);
  });

  it('reports what may be different later', async () => {
    answer(500, '');
    await expect(fetchProfile(PSID, contextFor())).rejects.toMatchObject({ fault: 'retry' });
    answer(400, graph('error-613-rate-limit.error'));
    await expect(fetchProfile(PSID, contextFor())).rejects.toMatchObject({ fault: 'throttled' });
    answer(400, graph('error-190-463-expired.error'));
    await expect(fetchProfile(PSID, contextFor())).rejects.toMatchObject({ fault: 'unauthorised' });
  });
});
