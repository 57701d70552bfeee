using Penstock.Simulator;

return await SimulatorHost.RunAsync(args);
