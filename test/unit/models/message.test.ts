import { expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import { MessageModel, newMessage } from '../../../src/models/message.js';

test('a new message holds what the schema would give it', () => {
  const id = (): mongoose.Types.ObjectId => new mongoose.Types.ObjectId();
  const required = {
    _id: id(),
    ...{ conversation: id(), inbox: id(), identity: id(), channel: 'web' },
    ...{ seq: 1, rev: 1, contactCount: 1, orderAt: new Date(), createdAt: new Date(), tieKey: 'a' },
    ...({ kind: 'message', senderType: 'contact', senderKey: 'identity:1' } as const),
  };
  expect({ ...newMessage(), ...required }).toEqual(new MessageModel(required).toObject());
});
