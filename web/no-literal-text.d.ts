export declare const noLiteralText: { selector: string; message: string }[];
