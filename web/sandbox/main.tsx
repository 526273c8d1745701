import { render } from 'preact';
import { App } from './App.js';
import './styles/base.css';
import './styles/phone.css';
import './styles/drawer.css';

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
