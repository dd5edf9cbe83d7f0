using HikingClub;

SQLitePCL.Batteries_V2.Init();
var app = await ClubHost.BuildAsync(args);
await app.RunAsync();
