using Sharing.Terminal;

return await CommandLine.RunAsync(args);
