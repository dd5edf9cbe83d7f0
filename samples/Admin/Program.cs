using System.CommandLine;
using Sharing.Admin;

SQLitePCL.Batteries_V2.Init();
var root = new RootCommand("Looks after the data of a Sharing server or terminal. Looking at a data folder needs the server not to be running: its data are one process's.") { CheckCommand.Make(), MigrateCommand.Make(), PersonCommand.Make(), SchemaCommand.Make(), StatsCommand.Make() };
return await root.Parse(args).InvokeAsync();
