/**
 * GBNF of a JSON Patch of add, replace and remove, without white space: a model under it writes nothing else, and ends when the array is
 * closed. Values are any JSON.
 */
export const patchGrammar = String.raw`root ::= "[" ( operation ( "," operation )* )? "]"
operation ::= "{\"op\":" ( ( "\"add\"" | "\"replace\"" ) ",\"path\":" string ",\"value\":" value | "\"remove\",\"path\":" string ) "}"
value ::= object | array | string | number | "true" | "false" | "null"
object ::= "{" ( string ":" value ( "," string ":" value )* )? "}"
array ::= "[" ( value ( "," value )* )? "]"
string ::= "\"" ( [^"\\\x7F\x00-\x1F] | "\\" ( ["\\/bfnrt] | "u" [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F] [0-9a-fA-F] ) )* "\""
number ::= "-"? ( "0" | [1-9] [0-9]* ) ( "." [0-9]+ )? ( [eE] [-+]? [0-9]+ )?
`;
