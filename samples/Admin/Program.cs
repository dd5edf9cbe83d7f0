using System.CommandLine;
using Sharing.Admin;

SQLitePCL.Batteries_V2.Init();
var root = new RootCommand("Looks after the data of a Sharing server or terminal. The server must not be running: its data are one process's.") { CheckCommand.Make() };
return await root.Parse(args).InvokeAsync();
