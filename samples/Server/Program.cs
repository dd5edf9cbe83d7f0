using Sharing;
using Sharing.AspNetCore;
using Sharing.Server;

SQLitePCL.Batteries_V2.Init();
if (args is ["token"])
{
    return Tokens.Print();
}

await ServerHost.Build(args).RunAsync();
return 0;
